"""The commands, thin: arguments in, sentences out; the work is done by services and selectors."""
