extension Forest {
    /// Calls the body with every object of the forest, containers first. Objects are made one by one, so a forest of a million costs no
    /// more memory than one of ten.
    func forEachObject(_ body: (GeneratedObject) throws -> Void) rethrows {
        for container in containers() { try body(container) }
        if options.isVaried { for object in systemObjects() { try body(object) } }
        for index in users { try body(user(index)) }
        for neighbour in neighbours {
            for index in neighbour.users {
                if let representation = neighbour.representation(of: index) {
                    try body(representative(index, representation, home: neighbour.home))
                }
            }
        }
        for index in 0..<contacts { try body(contact(index)) }
        for index in 0..<computers { try body(computer(index)) }
        if options.isVaried { for index in 0..<(computers / 10) { try body(device(index)) } }
        for index in 0..<groups { try body(group(index)) }
    }
}
