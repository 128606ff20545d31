namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>The forms in which the team kernel is compiled for a rule.</summary>
/// <param name="Cost">The cost that is a constant of the form; null for any, with any number of channels.</param>
/// <param name="HasWindow">Whether there may be a window; always, where the cost is not a constant.</param>
/// <param name="Team">Who shares a pair.</param>
/// <param name="Keeps">Whether a form for one cost can keep cells; those for any cost can.</param>
internal readonly record struct WarpingForm(PointCost? Cost, bool HasWindow, WarpingTeamKind Team, bool Keeps = false);
