import CAPIDescription

/// The OpenAPI description of everything the gateway serves: `docs/openapi.json`, embedded in the program.
public enum APIDescription {
    /// The file, as it is.
    public static let json = [UInt8](
        UnsafeRawBufferPointer(start: alertgate_openapi_json(), count: alertgate_openapi_json_size()))
}
