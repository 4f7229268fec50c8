"""Arrays in, arrays out: the state of a campaign, the processes of a day, and how they are compiled and played."""
