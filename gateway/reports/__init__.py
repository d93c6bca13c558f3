"""Reports: numbers that each open the list of exactly what they count (source: features K1–K3)."""
