"""A second implementation of what innsikt computes, written from the methods' definitions and not from its C, and a
writer of random projects to try both on. tests/whole/test_generated.py brings them together."""
