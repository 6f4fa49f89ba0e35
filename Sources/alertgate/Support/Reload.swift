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
            let running = current.withLock { $0 }
            try await gateway.reload(next)
            // What changes is logged if either the old or the new level lets it through.
            threshold.current = min(running.log.level, next.log.level)
            logChanges(from: running, to: next)
            threshold.current = next.log.level
            current.withLock { $0 = SettingDefinition.inForce(running, afterReloading: next) }
        } catch let error as ConfigurationError {
            for problem in error.problems {
                logger.error("the settings are wrong; nothing was changed", metadata: ["problem": "\(problem)"])
            }
        } catch {
            logger.error("the settings could not be taken over", metadata: ["error": "\(error)"])
        }
    }

    /// One line for each setting that differs from what is in force.
    private func logChanges(from running: Settings, to next: Settings) {
        for definition in SettingDefinition.changed(from: running, to: next) {
            let metadata: Logger.Metadata = [
                "setting": "\(definition.key)", "old": "\(definition.value(in: running))",
                "new": "\(definition.value(in: next))",
            ]
            if definition.isReloadable {
                logger.notice("a setting was changed", metadata: metadata)
            } else {
                logger.warning("this setting takes a restart; the old value stays in force", metadata: metadata)
            }
        }
    }

    /// Loads on a queue of its own: reading a file blocks.
    private func load() async throws -> Settings {
        let loader = loader
        return try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Result { try loader.load(again: true) })
            }
        }
    }
}
