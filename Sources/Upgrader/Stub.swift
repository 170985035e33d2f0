enum Upgrader {}
