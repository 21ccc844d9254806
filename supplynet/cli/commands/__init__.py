"""One module a command that no question declares, imported when it is called.

May import everything but at the top of a module only what help texts need.
"""
