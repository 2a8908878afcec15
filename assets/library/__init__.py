"""The library: logos, photos, fonts, documents and proofs that are kept, and who may see and use them.

An asset without a partner is the brand's: every partner may read it while its rights run. An asset of a partner is
read by that partner and by the brand. The bytes never change; a new file is a new asset. Others call
`assets.library.service`.
"""
