/**
 * Strict reading of small YAML and JSON documents: every field is asked for by name, what was not asked for is an error, and each
 * error names the line and the path. A {@link dev.presage.router.yaml.YamlWatch} is told what is read. Used by the adapters that read files; depends on snakeyaml-engine only. Start at {@link
 * dev.presage.router.yaml.YamlNode#parse}.
 */
@NullMarked
package dev.presage.router.yaml;

import org.jspecify.annotations.NullMarked;
