/// Two self-signed certificates with their keys, good for nothing but tests.
struct TestCertificate: Sendable {
    var certificate: String
    var privateKey: String

    /// For `one.example`.
    static let one = TestCertificate(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBnDCCAUGgAwIBAgIUXiCmctvJuFfVcBrWOP3qZtWiZ+EwCgYIKoZIzj0EAwIw
            FjEUMBIGA1UEAwwLb25lLmV4YW1wbGUwIBcNMjYxMTIzMDA0MTE2WhgPMjEyNjEw
            MzAwMDQxMTZaMBYxFDASBgNVBAMMC29uZS5leGFtcGxlMFkwEwYHKoZIzj0CAQYI
            KoZIzj0DAQcDQgAEiqUC2eW0z9RQfOxBTiezp1iXuJ7LztkA5GLwAGqpxir0nWi+
            +itbKUSB+GkL29vEvDXKvtttDhJlxJM0urG3LqNrMGkwHQYDVR0OBBYEFHefUOHm
            UqeVFQJ4XfwpmTYzrRgRMB8GA1UdIwQYMBaAFHefUOHmUqeVFQJ4XfwpmTYzrRgR
            MA8GA1UdEwEB/wQFMAMBAf8wFgYDVR0RBA8wDYILb25lLmV4YW1wbGUwCgYIKoZI
            zj0EAwIDSQAwRgIhANm2/YZVHcx9Ce/mEwUzqnQLT9z/YC8fIgA7gBrsEyYhAiEA
            k7KRu1W3N2e+Jmqcy1dM3wEXrQUlrGDMaKht2aGpEqg=
            -----END CERTIFICATE-----
            """,
        privateKey: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgyXw9i7DjgFPgoIQl
            fE5D0GdqxevnAREXRtBByp3hn8WhRANCAASKpQLZ5bTP1FB87EFOJ7OnWJe4nsvO
            2QDkYvAAaqnGKvSdaL76K1spRIH4aQvb28S8Ncq+220OEmXEkzS6sbcu
            -----END PRIVATE KEY-----
            """)

    /// For `two.example`.
    static let two = TestCertificate(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBmjCCAUGgAwIBAgIUUrKOW8yHm7h8i9tL5j+VpfrfC3wwCgYIKoZIzj0EAwIw
            FjEUMBIGA1UEAwwLdHdvLmV4YW1wbGUwIBcNMjYxMTIzMDA0MTE2WhgPMjEyNjEw
            MzAwMDQxMTZaMBYxFDASBgNVBAMMC3R3by5leGFtcGxlMFkwEwYHKoZIzj0CAQYI
            KoZIzj0DAQcDQgAETFa+QJiUqCT0dPddKcvltSnNie8DTna/inKgPMwYr/ZtiNoh
            V7SRW/tescwn7gN8x2QX3Yax8IkE2JUqUt1LKKNrMGkwHQYDVR0OBBYEFM27TTiq
            qN75QFsxgFFGSrLnZz/bMB8GA1UdIwQYMBaAFM27TTiqqN75QFsxgFFGSrLnZz/b
            MA8GA1UdEwEB/wQFMAMBAf8wFgYDVR0RBA8wDYILdHdvLmV4YW1wbGUwCgYIKoZI
            zj0EAwIDRwAwRAIgcR+KWOXSEnwIT5VmB3uLwA5CTusf05jNg+4JSH9EPXICIEr0
            KZlmEvOA/zuQ2GHoClYd5Mwt4f7fb8a4AN0g7vba
            -----END CERTIFICATE-----
            """,
        privateKey: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgTNMPlO5Ud10MCR00
            Kn1l3Kl//Ey9jc0i5tkO/G7O+M6hRANCAARMVr5AmJSoJPR0910py+W1Kc2J7wNO
            dr+KcqA8zBiv9m2I2iFXtJFb+16xzCfuA3zHZBfdhrHwiQTYlSpS3Uso
            -----END PRIVATE KEY-----
            """)
}
