enum ServiceStore {}
