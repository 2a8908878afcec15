"""Pixels and pages only: recognize, bound, decode safely, measure, rewrite.

Pure functions from bytes to bytes. The one door to Pillow, resvg and pikepdf for files that come from outside. Whatever
can be hostile is bounded by its header before it is decoded, and drawn in a confined process of its own.
"""
