enum Unpacking {}
