"""From a network and a question to arrays, in the order in which they are made.

`catalog` lists every arc that there can ever be, `skeleton` those of a year, `towards` those on
ways to a nation. `limits` says what each lets through of one element, by `feeds`, `parting`,
`contents` and `most`; `restrict` and `withheld` say what borders hold back. `flowgraph` puts them
together, and `solving` solves them with a certificate.
"""
