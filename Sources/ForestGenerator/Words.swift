/// Words that people and things are made of; a few outside ASCII, as in any real directory.
enum Words {
    static let givenNames = [
        "Ada", "Bela", "Carla", "Dario", "Elif", "Farid", "Greta", "Hana", "Ivo", "Jörg", "Kamal", "Lena", "Milan",
        "Nadia",
        "Oskar", "Priya", "Quentin", "Rosa", "Stefan", "Tomás", "Ulla", "Vera", "Wim", "Xenia", "Yusuf", "Zoë",
    ]
    static let surnames = [
        "Abel", "Berg", "Costa", "Dahl", "Engel", "Fischer", "Garcia", "Holm", "Ivanova", "Jansen", "Kowalski",
        "Lindqvist",
        "Müller", "Novak", "Okafor", "Petrov", "Quist", "Rossi", "Silva", "Tanaka", "Ulrich", "Varga", "Weber",
        "Yilmaz",
        "Zeman", "Łuczak",
    ]
    static let departments = [
        "Sales", "Finance", "Research", "Production", "Logistics", "Legal", "Human Resources", "Service", "Marketing",
        "Purchasing",
    ]
    static let titles = [
        "Engineer", "Clerk", "Manager", "Analyst", "Technician", "Consultant", "Assistant", "Director",
    ]
    static let cities = ["Lisbon", "Vienna", "Oslo", "Gdańsk", "Turin", "Lyon", "Ghent", "Bergen"]
    static let subjects = ["Project", "Team", "Access", "List", "Role", "Printer", "Share", "Application"]
    static let systems = ["Windows 10 Enterprise", "Windows 11 Enterprise", "Windows Server 2019 Standard"]
}
