import Dispatch
import Gateway
import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

/// Reads the settings again at each SIGHUP, and hands them to the gateway if they are good.
final class Reload: ServiceLifecycle.Service {
    private let gateway: Gateway
    private let loader: SettingsLoader
    private let threshold: StandardErrorLog.Threshold
    private let logger: Logger
    /// What is in force, with the settings of a restart as they were at start.
    private let current: Mutex<Settings>
    private let queue = DispatchQueue(label: "alertgate.reload", qos: .utility)

    init(
        gateway: Gateway, loader: SettingsLoader, settings: Settings, threshold: StandardErrorLog.Threshold,
        logger: Logger
    ) {
        self.gateway = gateway
        self.loader = loader
        self.threshold = threshold
        self.logger = logger
        current = Mutex(settings)
    }

    /// Runs until graceful shutdown.
    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() { await reload() }
    }

    private func reload() async {
        do {
            let next = try await load()
            let changed = SettingDefinition.changed(from: current.withLock { $0 }, to: next)
            for definition in changed where !definition.isReloadable {
                logger.warning("this setting takes a restart", metadata: ["setting": "\(definition.key)"])
            }
            try await gateway.reload(next)
            threshold.current = next.log.level
            current.withLock { $0 = next }
        } catch let error as ConfigurationError {
            for problem in error.problems {
                logger.error("the settings are wrong; nothing was changed", metadata: ["problem": "\(problem)"])
            }
        } catch {
            logger.error("the settings could not be taken over", metadata: ["error": "\(error)"])
        }
    }

    /// Loads on a queue of its own: reading a file blocks.
    private func load() async throws -> Settings {
        let loader = loader
        return try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Result { try loader.load() })
            }
        }
    }
}
