namespace FusionKernels.Kernels.Engines;

/// <content>Operands: what a call was handed, as matrices on this device. For calls on the lane.</content>
internal sealed unsafe partial class AcceleratorEngine
{
    /// <summary>An input: in place if it lives here, else uploaded.</summary>
    /// <exception cref="DeviceMismatchException">It lives on another device.</exception>
    /// <exception cref="DeviceOutOfMemoryException">There is no room for the upload.</exception>
    public DeviceMatrix<T> Read<T>(in Operand<T> operand, in RunSettings settings)
        where T : unmanaged => Resolve(operand, settings, upload: true, commit: false);

    /// <summary>An output, every element of which the call writes: in place if it lives here, else a buffer that <see cref="DeviceMatrix{T}.Commit"/> downloads.</summary>
    /// <inheritdoc cref="Read{T}" path="/exception"/>
    public DeviceMatrix<T> Write<T>(in Operand<T> operand, in RunSettings settings)
        where T : unmanaged => Resolve(operand, settings, upload: false, commit: true);

    /// <summary>As <see cref="Write{T}"/>, but holding the elements that stand in the output now.</summary>
    /// <inheritdoc cref="Read{T}" path="/exception"/>
    public DeviceMatrix<T> Update<T>(in Operand<T> operand, in RunSettings settings)
        where T : unmanaged => Resolve(operand, settings, upload: true, commit: true);

    /// <summary>A dense row-major matrix of working memory.</summary>
    /// <exception cref="DeviceOutOfMemoryException">There is no room.</exception>
    public DeviceMatrix<T> Temporary<T>(int rows, int columns, in RunSettings settings)
        where T : unmanaged =>
        new(this, Rent<T>((long)rows * columns, settings.Operation), default, false, settings, new(null, null, 0, rows, columns, columns, 1));

    /// <summary>Downloads a staged output to its place on the host.</summary>
    internal void Commit<T>(AcceleratorBuffer<T> staged, in Operand<T> host, in RunSettings settings)
        where T : unmanaged
    {
        _operation = settings.Operation;
        Copy(staged.View, host, upload: false, settings);
    }

    private DeviceMatrix<T> Resolve<T>(in Operand<T> operand, in RunSettings settings, bool upload, bool commit)
        where T : unmanaged
    {
        _operation = settings.Operation;
        if (operand.Buffer is { } buffer)
        {
            AcceleratorBuffer<T> own = Own(buffer, settings.Operation);
            _callOperandBytes += (long)operand.Rows * operand.Columns * sizeof(T);
            return new(this, own, operand, false, settings, operand);
        }

        // Rows that lie closer together than columns: the transposed matrix is the one that is dense.
        bool swapped = operand.Rows > 1 && operand.Columns > 1 && operand.RowStride != 0
            && Math.Abs(operand.RowStride) < Math.Abs(operand.ColumnStride);
        Operand<T> natural = swapped ? operand.Transposed : operand;
        Operand<T> dense = new(null, null, 0, natural.Rows, natural.Columns, natural.Columns, 1);
        AcceleratorBuffer<T> staged = Rent<T>((long)operand.Rows * operand.Columns, settings.Operation);
        try
        {
            if (upload) Copy(staged.View, natural, upload: true, settings);
        }
        catch
        {
            staged.Dispose();
            throw;
        }

        return new(this, staged, natural, commit, settings, swapped ? dense.Transposed : dense);
    }
}
