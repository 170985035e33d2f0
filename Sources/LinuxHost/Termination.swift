import CLinux

/// Signals that ask this process to end: remembered, so that it can end at a place where nothing is half done.
public enum Termination {
    /// Called once, at the start of a program.
    public static func startCatching() { clinux_catch_termination() }

    /// The signal that arrived, if any did.
    public static var requested: Int32? {
        let number = clinux_termination()
        return number == 0 ? nil : number
    }
}

/// Descriptors that came with this process and are none of its business.
public enum InheritedDescriptors {
    public static func keepFromChildren() { _ = clinux_forget_descriptors() }
}
