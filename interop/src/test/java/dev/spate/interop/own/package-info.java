/** Spate itself in processes of its own, to be watched, cut off and killed. */
package dev.spate.interop.own;
