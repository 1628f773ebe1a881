"""`python -m einvoice`: the command line."""

from einvoice.cli import main

if __name__ == "__main__":
    main(prog_name="einvoice")
