"""What regions say of one another, and what may cross from one to the next."""
