/**
 * How bodies are read while they pass: JSON as events, gRPC frames, protobuf fields, inflated bytes. Nothing here keeps a body
 * or knows what it is for; what is kept is bounded by each type. Core package: depends on the JDK and protobuf's wire reader;
 * start at {@link dev.presage.router.body.JsonScanner}.
 */
@NullMarked
package dev.presage.router.body;

import org.jspecify.annotations.NullMarked;
