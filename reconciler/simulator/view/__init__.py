"""The organisation as a page: what it knows of itself, in the vendor's words, to be read in a browser.

The modules make plain values of the world as it is now; the templates lay them out and decide nothing.
Looking changes nothing. Secrets are looked up only to strike them out of what callers wrote into paths.
"""
