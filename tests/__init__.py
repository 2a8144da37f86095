PASSWORD = "a quiet reading room"  # of everybody in the tests
