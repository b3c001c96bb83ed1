"""What happens to a written PDF before it is judged: accessibility, press marks, imposition, edition stamps."""
