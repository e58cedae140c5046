"""Notice boards in the office: where they hang, what is printed for them, which are to be hung anew."""
