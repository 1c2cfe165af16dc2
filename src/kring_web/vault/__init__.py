"""The vault: sealed content with an end date. The room writes it; this app makes its tables and can destroy what has expired."""
