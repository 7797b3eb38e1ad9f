/** How fast bytes flow. */
package dev.spate.core.rate;
