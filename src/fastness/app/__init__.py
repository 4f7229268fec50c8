"""The workbench: pages in a browser over the same library, runs and figures as the command line."""
