"""What an ensemble answers: estimates with their errors, ranges across inputs, siege clocks, words."""
