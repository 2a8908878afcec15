"""Uploads: what somebody sent, checked and rewritten before it becomes an asset.

`check` decodes, measures and rewrites outside any transaction and puts what is kept into storage under the hash of its
content; `receive` then writes the rows. A refused file leaves nothing behind. Others call `assets.uploads.service`.
"""
