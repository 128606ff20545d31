namespace FusionKernels;

/// <summary>Rows to learn from and rows to be judged on.</summary>
/// <param name="Train">To learn from.</param>
/// <param name="Test">To be judged on.</param>
/// <param name="TrainRows">Their numbers in the views that were split.</param>
/// <param name="TestRows">Their numbers in the views that were split.</param>
public sealed record ViewsSplit(Views Train, Views Test, IReadOnlyList<int> TrainRows, IReadOnlyList<int> TestRows);
