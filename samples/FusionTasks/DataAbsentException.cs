namespace FusionTasks;

/// <summary>A data set is not there: its task is skipped, visibly.</summary>
internal sealed class DataAbsentException(string message) : Exception(message);
