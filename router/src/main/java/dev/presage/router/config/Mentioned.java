package dev.presage.router.config;

import dev.presage.router.plugin.Plugin;

/** A plugin whose work the router does anyway. */
enum Mentioned implements Plugin {
    HERE
}
