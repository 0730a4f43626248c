package dev.presage.router.plugin;

/** Says how full the candidates of a round are. */
public interface SaturationDetector extends Plugin {
    /** 0 is idle, from 1 on the fleet is full. */
    double saturation(Round round);
}
