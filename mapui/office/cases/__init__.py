"""The office's pages of cases: the list, one case, what is late and with whom, figures."""
