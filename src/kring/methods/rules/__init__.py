"""What must hold for a method to be run. Each module checks one subject: ``check(method, places)``."""
