//! Arrow in, Arrow out: a stream of record batches is explained row by row, without Python's lock.

use crate::answer::{declared, form, providers, wrong};
use crate::rows::{Explainer, columns};
use arrow_array::{ArrayRef, RecordBatch, RecordBatchReader, StringArray, cast::AsArray};
use arrow_schema::{ArrowError, DataType, Schema, SchemaRef};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::PyRecordBatchReader;
use pyo3_arrow::ffi::to_stream_pycapsule;
use std::sync::{Arc, Mutex, PoisonError};
use why401_core::input::Fields;

type Reader = Box<dyn RecordBatchReader + Send>;

/// A stream of record batches, read once by whatever takes Arrow's C stream.
#[pyclass(frozen, module = "why401")]
pub(crate) struct Batches(Mutex<Option<Reader>>);

#[pymethods]
impl Batches {
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let reader = held.take();
        let reader = reader.ok_or_else(|| PyValueError::new_err("the stream was read already"))?;
        let schema = reader.schema();
        let arrays = reader.map(|batch| {
            batch.map(|batch| Arc::new(arrow_array::StructArray::from(batch)) as ArrayRef)
        });
        let fields = schema.fields().clone();
        let field = arrow_schema::Field::new_struct("", fields, false)
            .with_metadata(schema.metadata().clone());
        let arrays = pyo3_arrow::ffi::ArrayIterator::new(arrays, Arc::new(field));
        Ok(to_stream_pycapsule(py, Box::new(arrays), requested_schema)?)
    }
}

/// Explains a stream of record batches, a row for each row.
#[pyfunction]
#[pyo3(signature = (reader, *, column = None, form = None, fields = None, provider = None, keep = false))]
pub(crate) fn explain_batches(
    reader: PyRecordBatchReader,
    column: Option<&str>,
    form: Option<&str>,
    fields: Option<&str>,
    provider: Option<&str>,
    keep: bool,
) -> PyResult<Batches> {
    let input = reader.into_reader()?;
    let known = input.schema();
    let number = text_column(&known, column)?;
    let mapping = fields.map(Fields::parse).transpose().map_err(wrong)?;
    let mut fields = match keep {
        true => known.fields().to_vec(),
        false => Vec::new(),
    };
    fields.extend(columns());
    let explained = Explained {
        input,
        column: number,
        keep,
        schema: Arc::new(Schema::new(fields)),
        explainer: Explainer {
            providers: providers(provider)?,
            declared: declared(None)?,
            form: self::form(form)?,
            fields: mapping,
        },
    };
    Ok(Batches(Mutex::new(Some(Box::new(explained)))))
}

fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => true,
        DataType::Dictionary(_, value) => is_text(value),
        _ => false,
    }
}

/// The column that holds the evidence.
fn text_column(schema: &Schema, name: Option<&str>) -> PyResult<usize> {
    let mut texts = schema.fields().iter().enumerate();
    if let Some(name) = name {
        let found = texts.find(|(_, field)| field.name() == name);
        let (number, field) = found.ok_or_else(|| wrong("there is no column of that name"))?;
        return match is_text(field.data_type()) {
            true => Ok(number),
            false => Err(wrong("that column holds no text")),
        };
    }
    let texts: Vec<usize> = texts
        .filter(|(_, field)| is_text(field.data_type()))
        .map(|(number, _)| number)
        .collect();
    match texts.as_slice() {
        [one] => Ok(*one),
        _ => Err(wrong(
            "there is not exactly one text column: name it with column=",
        )),
    }
}

/// The explained stream.
struct Explained {
    input: Reader,
    column: usize,
    keep: bool,
    schema: SchemaRef,
    explainer: Explainer,
}

impl Explained {
    fn batch(&self, batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        // Bytes that are no UTF-8 become null, and so an error of their row.
        let texts = arrow_cast::cast(batch.column(self.column), &DataType::Utf8)?;
        let texts: &StringArray = texts.as_string();
        let answers = self.explainer.rows(texts);
        let mut out = match self.keep {
            true => batch.columns().to_vec(),
            false => Vec::new(),
        };
        out.extend(answers);
        RecordBatch::try_new(Arc::clone(&self.schema), out)
    }
}

impl Iterator for Explained {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.input.next()?;
        Some(batch.and_then(|batch| self.batch(&batch)))
    }
}

impl RecordBatchReader for Explained {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}
