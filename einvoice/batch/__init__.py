"""Many documents: where they come from, and a pool of processes that works on them."""
