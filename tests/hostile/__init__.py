"""Files and forms that were made to harm whoever opens them. All of them are made by code."""
