"""The stages that run again and again: each loads, calls the core, and saves. *When* they run is the scheduler's.

Nothing is imported here, so that a command pays only for the stage that it needs.
"""
