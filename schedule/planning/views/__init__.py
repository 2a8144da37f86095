"""The pages of terms and turns."""
