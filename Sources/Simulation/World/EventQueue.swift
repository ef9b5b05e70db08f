import HeapModule
import Instructions
import Pacing
import Runs

/// A request on the wire, with whom it belongs to.
struct Wire {
    let run: Int
    let execution: Int
    let call: Int
    let request: GatewayRequest
    /// nil for what changes no money.
    let cause: Cause?
    let token: Int?
    let sentAt: Duration
    /// Nobody waits for its answer, or it is lost on the way back.
    var isUnheard = false
}

/// What will happen at some moment.
enum Happening {
    case starts(run: Int)
    /// A person has its unconfirmed rows resolved.
    case resolves(run: Int)
    case machineEvent(run: Int, execution: Int, RunMachine.Event)
    case commitLands(run: Int, execution: Int)
    case arrives(Wire)
    case processed(Wire)
    case answers(Wire, Answer)
    case givesUp(Wire)
    /// Done long after the answer.
    case lateEffect(Wire)
    case pendingEnds(Wire, before: SimulatedIntent.Phase)
    case otherActorMoves
    case clockSteps(Duration)
    case stops(run: Int, execution: Int)
    case credentialsReturn
}

/// Happenings by time; those of one moment in the order they were planned.
struct EventQueue {
    private struct Entry: Comparable {
        let at: Duration
        let order: Int
        let what: Happening

        static func < (left: Entry, right: Entry) -> Bool {
            (left.at, left.order) < (right.at, right.order)
        }

        static func == (left: Entry, right: Entry) -> Bool { left.order == right.order }
    }

    private var heap = Heap<Entry>()
    private var order = 0

    mutating func plan(_ what: Happening, at: Duration) {
        order += 1
        heap.insert(Entry(at: at, order: order, what: what))
    }

    mutating func next() -> (at: Duration, what: Happening)? {
        heap.popMin().map { ($0.at, $0.what) }
    }
}
