"""The commands, thin: arguments in, sentences out; the work is done below."""
