/// The release, as `--version` and the manifests say it.
package let releaseVersion = "0.1.0"
