/// The OpenAPI description of everything the gateway serves: `docs/openapi.json`, embedded in the program. The file beside
/// this one is a link to it.
public enum APIDescription {
    /// The file, as it is.
    public static let json: [UInt8] = PackageResources.openapi_json
}
