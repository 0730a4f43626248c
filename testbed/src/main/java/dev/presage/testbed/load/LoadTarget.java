package dev.presage.testbed.load;

import java.net.URI;

/** Where load goes; every target gets every request. The name is what reports call it. */
public record LoadTarget(String name, URI baseUrl) {}
