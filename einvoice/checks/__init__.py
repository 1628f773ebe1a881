"""Checks beyond the official rules, on the model and on what was seen before; see `run`.

A check never sees XML, and its findings never change the official verdict unless that is asked for.
"""
