import Glibc
import Testing

@testable import Sandbox

@Suite struct OwnedDescriptorTests {
    @Test("What the kernel said of a file that cannot be opened is still there")
    func reason() {
        let isOpen = OwnedDescriptor(opening: "/nowhere/at-all", O_RDONLY) != nil
        let reason = systemReason()
        #expect(!isOpen && reason == "No such file or directory")
    }
}
