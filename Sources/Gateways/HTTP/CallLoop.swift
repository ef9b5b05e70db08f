import NIOCore
import NIOPosix

/// The thread that a client's connections live on, as an executor for the tasks that make its calls: what an answer
/// wakes then runs where the answer came in, and no other thread has to be woken for it.
///
/// One thread serves thousands of calls a second. Nothing that runs on it may block.
final class CallLoop: TaskExecutor {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let loop: any EventLoop

    init() { loop = group.next() }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Once nothing runs on it any longer.
    func shutdown() async throws { try await group.shutdownGracefully() }
}
