"""Manifests: signed statements of what each downloaded file was made of, and the answer to "is this file genuine?".

Words: an *order* is a file that is about to be made, with the code that it will carry; a *key* signs; a *verdict* is
what anybody who brings a file or a code is told. Artworks and batches order and issue; others call the service.
"""
